"""acl - access-control(7): which of the operator's ACLs is meant.

    facts          what is known when a layer is asked
    condition      yes, no, cannot-tell; one entry condition of a layer
    choose         the first ACL whose entry conditions all hold, and why the others did not
    host_matching  is an address, a client, a server in a set of hosts
    data_matching  is a text in a set of texts, a number in a set of numbers
    time_matching  is it that time
    section        the items that the ACLs of all layers share, acl(5)
    messages       LIBA, what may be logged
"""
