"""items - every item that an administrator may write, and the tests that show what it does.

    python -m tests.items       the table, as Markdown

SHOWN names for each row of each section the tests in tests/system that show its
effect through the real program: a function, or one case of it as pytest writes that.
Whoever declares an item adds its row here; test_items.py sees to it.  The file is long
because it is that table.
"""

from __future__ import annotations

from typing import Iterator, Mapping, Sequence

from imap4proxy.section import ROOT
from kernun_common.configuration.schema import PartRow, Section
from kernun_common.configuration.text import keyword_of

FOLDER = "tests/system"

Shown = Mapping[str, Mapping[str, Sequence[str]]]  # section -> item -> tests

SHOWN: Shown = {
    "interface": {
        "dev": [
            "test_transparency.py::test_redirected",
            "test_transparency.py::test_where_it_listens",
        ],
        "alias": [
            "test_transparency.py::test_the_firewall_itself[4]",
            "test_transparency.py::test_redirected[6-1150-False]",
            "test_transparency.py::test_not_redirected[4-1150]",
        ],
    },
    "alias": {"addr": ["test_transparency.py::test_where_it_listens"]},
    "resolver": {
        "server": [
            "test_resolving.py::test_plug_to_by_name",
            "test_resolving.py::test_the_second_name_server_is_asked",
        ],
        "search": ["test_resolving.py::test_search"],
        "conf-timeout": ["test_resolving.py::test_conf_timeout"],
        "initial-timeout": [
            "test_resolving.py::test_the_second_name_server_is_asked[initial-timeout]"
        ],
        "query-timeout": ["test_resolving.py::test_query_timeout"],
        "total-timeout": ["test_client_names.py::test_no_name_in_time_is_no_name"],
        "cache-size": [
            "test_client_names.py::test_a_name_is_asked_for_once",
            "test_client_names.py::test_without_cache_it_is_asked_for_each_time",
        ],
    },
    "ssl-params": {
        "cert-file": [
            "test_tls_clients.py::test_client[usual-nobody-True]",
            "test_tls_servers.py::test_own_certificate",
        ],
        "key-file": [
            "test_tls_clients.py::test_client[usual-nobody-True]",
            "test_tls_clients.py::test_client[password-file-nobody-True]",
        ],
        "chain-file": [
            "test_tls_clients.py::test_client[chain-file-nobody-True]",
            "test_tls_clients.py::test_client[no chain-nobody-False]",
        ],
        "ca-file": [
            "test_tls_clients.py::test_client[verify required-alice-True]",
            "test_tls_clients.py::test_client[verify required-stranger-False]",
            "test_tls_servers.py::test_server[of another authority]",
        ],
        "ca-dir": [
            "test_tls_clients.py::test_client[ca-dir-alice-True]",
            "test_tls_clients.py::test_client[ca-dir-stranger-False]",
        ],
        "crl-file": [
            "test_tls_clients.py::test_client[crl-file-bob-False]",
            "test_tls_clients.py::test_client[verify required-bob-True]",
        ],
        "verify": [
            "test_tls_clients.py::test_client[verify none-stranger-True]",
            "test_tls_clients.py::test_client[verify optional-nobody-True]",
            "test_tls_clients.py::test_client[verify required-nobody-False]",
            "test_tls_clients.py::test_client[depth 0-carol-False]",
            "test_tls_clients.py::test_client[depth 1-carol-True]",
            "test_tls_servers.py::test_server[not verified]",
        ],
        "versions": [
            "test_tls_clients.py::test_versions",
            "test_tls_servers.py::test_server[versions]",
        ],
        "ciphers": ["test_tls_clients.py::test_ciphers[ciphers-ECDHE-ECDSA-AES128-GCM-SHA256]"],
        "ciphersuites": [
            "test_tls_clients.py::test_ciphers[ciphersuites-TLS_CHACHA20_POLY1305_SHA256]",
        ],
        "server-name": [
            "test_tls_servers.py::test_server[server-name]",
            "test_tls_servers.py::test_server[server-name of another]",
            "test_tls_servers.py::test_name_asked",
        ],
        "match-name": [
            "test_tls_servers.py::test_server[name not matched]",
            "test_tls_servers.py::test_server[of another name]",
        ],
        "tickets": ["test_tls_clients.py::test_tickets"],
    },
    "passwd-auth": {"file": ["test_auth.py::test_from_login_to_logout"]},
    "radius-client": {
        "server": [
            "test_auth_backends.py::test_radius",
            "test_auth_backends.py::test_radius_that_is_silent",
        ],
        "nas": ["test_auth_backends.py::test_radius"],
        "groups": ["test_auth_backends.py::test_radius"],
        "message-authenticator": ["test_auth_backends.py::test_radius"],
    },
    "ldap-client-auth": {
        "server": ["test_auth_backends.py::test_ldap"],
        "ssl": ["test_auth_backends.py::test_ldap", "test_auth_backends.py::test_ldap_at_once"],
        "bindinfo": ["test_auth_backends.py::test_ldap"],
        "users": ["test_auth_backends.py::test_ldap"],
        "groups": [
            "test_auth_backends.py::test_ldap",
            "test_auth_backends.py::test_ldap_at_once",
        ],
        "timeout": ["test_auth_backends.py::test_ldap_at_once"],
    },
    "oob-auth": {
        "method": ["test_auth.py::test_from_login_to_logout", "test_auth.py::test_external"],
        "listen": [
            "test_auth.py::test_from_login_to_logout",
            "test_login_balancer.py::test_the_client_behind",
            "test_login_balancer.py::test_tls_behind_the_header",
            "test_login_balancer.py::test_headers_that_do_not_count",
            "test_haproxy.py::test_a_login_counts_at_both",
        ],
        "ssl-params": ["test_auth.py::test_a_browser_by_keyboard"],
        "auth": [
            "test_auth.py::test_from_login_to_logout",
            "test_auth_backends.py::test_radius",
            "test_auth_backends.py::test_ldap",
        ],
        "store": [
            "test_auth.py::test_from_login_to_logout",
            "test_auth.py::test_two_proxies_share_logins_in_redis",
            "test_login_pages.py::test_forms_and_failures",
            "test_login_pages.py::test_the_answer_to_a_challenge",
            "test_haproxy.py::test_without_redis",
        ],
        "max-sessions": ["test_auth.py::test_max_sessions"],
        "idle-timeout": ["test_auth.py::test_idle_timeout"],
        "max-time": ["test_auth.py::test_max_time"],
        "max-user": ["test_auth.py::test_lengths"],
        "max-groups": ["test_auth.py::test_lengths"],
    },
    "queue": {
        "bandwidth": ["test_traffic_shaping.py::test_bandwidth"],
        "ceiling": ["test_traffic_shaping.py::test_ceiling"],
        "per-session": ["test_traffic_shaping.py::test_per_session"],
        "dev": [
            "test_traffic_shaping.py::test_classes_after_a_kill",
            "test_traffic_shaping.py::test_what_cannot_be_had",
        ],
        "priority": ["test_traffic_shaping.py::test_a_reload_swaps_them"],
        "parent": ["test_traffic_shaping.py::test_parent"],
    },
    "imap4-proxy": {
        "auth": ["test_auth.py::test_from_login_to_logout", "test_auth.py::test_auth_none"],
        "log-debug": ["test_logs.py::test_level"],
        "log-stats": ["test_logs.py::test_stats_level"],
        "use-resolver": [
            "test_resolving.py::test_plug_to_by_name",
            "test_resolving.py::test_without_use_resolver_the_system_is_asked",
        ],
        "cfg-resolution": [
            "test_resolving.py::test_a_change_is_seen_by_the_next_session",
            "test_resolving.py::test_refresh_waits_for_the_time_to_live",
        ],
        "monitoring": ["test_monitoring.py::test_a_record"],
        "nodaemon": ["test_processes.py::test_nodaemon", "test_processes.py::test_daemon"],
        "singleproc": ["test_processes.py::test_one_process"],
        "pid-file": ["test_processes.py::test_daemon"],
        "app-user": [
            "test_privileges.py::test_app_user_and_chroot_dir",
            "test_privileges.py::test_group",
        ],
        "chroot-dir": ["test_privileges.py::test_app_user_and_chroot_dir"],
        "listen-on": ["test_tcpserver.py::test_non_transparent"],
        "tcpserver": ["test_tcpserver.py::test_init_children"],
        "idle-timeout": ["test_timeouts.py::test_timeout[idle-timeout]"],
        "source-address": [
            "test_source_address.py::test_what_the_server_sees",
            "test_source_address.py::test_no_fallback",
            "test_transparency.py::test_sessions_go_on_without_rules",
        ],
        "client-conn": ["test_timeouts.py::test_timeout[client recv-timeout]"],
        "server-conn": ["test_timeouts.py::test_timeout[server recv-timeout]"],
        "session-acl": ["test_conditions.py::test_to_and_parent"],
        "command-acl": ["test_conditions.py::test_to_and_parent"],
        "mail-acl": ["test_mail_acls.py::test_denied[deny-plain]"],
        "doc-acl": ["test_mail_acls.py::test_action[remove]"],
        "doctype-identification": ["test_mail_documents.py::test_doctype[order]"],
        "mail-pool": ["test_mail_documents.py::test_pool_free"],
        "verdict-cache": ["test_mail_checks.py::test_verdict_cache[path]"],
    },
    "antivirus": {
        "connection": [
            "test_mail_checks.py::test_status[clamav-free-found]",
            "test_mail_checks.py::test_status[local-free-found]",
            "test_mail_checks.py::test_status[file-free-found]",
            "test_mail_checks.py::test_status[fildes-free-found]",
            "test_mail_checks.py::test_status[icap-free-found]",
        ],
        "sock-opt": ["test_mail_checks.py::test_status[silent-error-error]"],
        "max-checked-size": ["test_mail_checks.py::test_status[small-skipped-skipped]"],
        "comm-dir": ["test_mail_checks.py::test_status[file-free-found]"],
    },
    "antispam": {
        "connection": ["test_mail_checks.py::test_score[spamd-ham-spam]"],
        "sock-opt": ["test_mail_checks.py::test_score[spam-silent-unknown-unknown]"],
        "user": ["test_mail_checks.py::test_score[spamd-ham-spam]"],
    },
    "sock-opt": {
        "conn-timeout": ["test_timeouts.py::test_connect_timeout"],
        "recv-timeout": ["test_mail_checks.py::test_status[silent-error-error]"],
        "send-timeout": ["test_timeouts.py::test_server_send_timeout"],
        "close-timeout": ["test_timeouts.py::test_server_close_timeout"],
        "recv-bufsize": ["test_connections.py::test_socket[narrow]"],
        "send-bufsize": ["test_connections.py::test_send_bufsize_of_server"],
        "keepalive": ["test_connections.py::test_socket[silent]"],
        "ip-tos": ["test_connections.py::test_socket[marked]"],
    },
    "html-filter": {
        "defang": [
            "test_mail_documents.py::test_html[defang-0]",
            "test_mail_documents.py::test_html[defang-1]",
        ],
        "script-tag-language": [
            "test_mail_documents.py::test_html[script-tag-language-0]",
            "test_mail_documents.py::test_html[script-tag-language-1]",
            "test_mail_documents.py::test_html[script-tag-language-2]",
        ],
        "style-tag-type": ["test_mail_documents.py::test_html[style-tag-type-0]"],
        "iframe-tag-src": ["test_mail_documents.py::test_html[iframe-tag-src-0]"],
        "intrinsic-language": [
            "test_mail_documents.py::test_html[intrinsic-language-0]",
            "test_mail_documents.py::test_html[intrinsic-language-1]",
        ],
        "macro-language": ["test_mail_documents.py::test_html[macro-language-0]"],
        "object-tag-type": ["test_mail_documents.py::test_html[object-tag-type-0]"],
        "form-action": ["test_mail_documents.py::test_html[form-action-0]"],
        "external-resource": [
            "test_mail_documents.py::test_html[external-resource-0]",
            "test_mail_documents.py::test_html[external-resource-1]",
        ],
        "url-scheme": ["test_mail_documents.py::test_html[url-scheme-0]"],
        "meta-tag-name": ["test_mail_documents.py::test_html[meta-tag-name-0]"],
        "replace-head-script-tags": [
            "test_mail_documents.py::test_html[replace-head-script-tags-0]",
        ],
        "replace-body-script-tags": [
            "test_mail_documents.py::test_html[replace-body-script-tags-0]",
        ],
        "replace-style-tags": ["test_mail_documents.py::test_html[replace-style-tags-0]"],
        "replace-iframe-tags": ["test_mail_documents.py::test_html[replace-iframe-tags-0]"],
        "replace-intrinsic": ["test_mail_documents.py::test_html[replace-intrinsic-0]"],
        "max-size": [
            "test_mail_documents.py::test_html[max-size-0]",
            "test_mail_documents.py::test_html[max-size-1]",
            "test_mail_documents.py::test_html[max-size-2]",
        ],
    },
    "mail-acl": {
        "from": ["test_mail_acls.py::test_condition[mail-from]"],
        "to": ["test_mail_acls.py::test_condition[mail-to]"],
        "transparency": ["test_mail_acls.py::test_condition[mail-transparency]"],
        "time": ["test_mail_acls.py::test_condition[mail-time]"],
        "time-period-set": ["test_mail_acls.py::test_condition[mail-time-period-set]"],
        "user": ["test_mail_acls.py::test_condition[mail-user]"],
        "server": ["test_mail_acls.py::test_condition[mail-server]"],
        "direction": ["test_mail_acls.py::test_condition[mail-direction]"],
        "virus-status": [
            "test_mail_acls.py::test_condition[mail-virus-status]",
            "test_mail_checks.py::test_status[clamav-free-found]",
        ],
        "spam-score": [
            "test_mail_acls.py::test_condition[mail-spam-score]",
            "test_mail_checks.py::test_score[spamd-ham-spam]",
        ],
        "group": ["test_mail_acls.py::test_group[mail]"],
        "accept": ["test_mail_acls.py::test_action[accept]"],
        "deny": ["test_mail_acls.py::test_denied[deny-plain]"],
        "command-acl": ["test_mail_acls.py::test_parents"],
        "size": ["test_mail_acls.py::test_condition[mail-size]"],
        "mail-structure": ["test_mail_acls.py::test_condition[mail-mail-structure]"],
        "sender": ["test_mail_acls.py::test_condition[mail-sender]"],
        "recipient": ["test_mail_acls.py::test_condition[mail-recipient]"],
        "subject": ["test_mail_acls.py::test_condition[mail-subject]"],
        "header": ["test_mail_acls.py::test_condition[mail-header]"],
        "subject-text": [
            "test_mail_acls.py::test_action[subject-text]",
            "test_mail_acls.py::test_action[subject-text-suffix]",
            "test_mail_acls.py::test_action[subject-text-none]",
        ],
        "replace-body": ["test_mail_acls.py::test_action[replace-body]"],
        "modify-header": [
            "test_mail_acls.py::test_action[modify-header-add]",
            "test_mail_acls.py::test_action[modify-header-delete]",
            "test_mail_acls.py::test_action[modify-header-replace]",
        ],
        "status-headers": [
            "test_mail_acls.py::test_action[status-headers]",
            "test_mail_checks.py::test_status_headers",
        ],
        "quarantine": ["test_mail_acls.py::test_quarantine"],
    },
    "doc-acl": {
        "from": ["test_mail_acls.py::test_condition[doc-from]"],
        "to": ["test_mail_acls.py::test_condition[doc-to]"],
        "transparency": ["test_mail_acls.py::test_condition[doc-transparency]"],
        "time": ["test_mail_acls.py::test_condition[doc-time]"],
        "time-period-set": ["test_mail_acls.py::test_condition[doc-time-period-set]"],
        "user": ["test_mail_acls.py::test_condition[doc-user]"],
        "server": ["test_mail_acls.py::test_condition[doc-server]"],
        "direction": ["test_mail_acls.py::test_condition[doc-direction]"],
        "virus-status": [
            "test_mail_acls.py::test_condition[doc-virus-status]",
            "test_mail_checks.py::test_documents",
        ],
        "spam-score": [
            "test_mail_acls.py::test_condition[doc-spam-score]",
            "test_mail_checks.py::test_documents",
        ],
        "group": ["test_mail_acls.py::test_group[doc]"],
        "accept": ["test_mail_acls.py::test_action[accept]"],
        "deny": ["test_mail_acls.py::test_condition[doc-filename]"],
        "mail-acl": ["test_mail_acls.py::test_parents"],
        "size": ["test_mail_acls.py::test_condition[doc-size]"],
        "mime-type": ["test_mail_acls.py::test_condition[doc-mime-type]"],
        "filename": ["test_mail_acls.py::test_condition[doc-filename]"],
        "archive-member": [
            "test_mail_acls.py::test_condition[doc-archive-member]",
            "test_mail_acls.py::test_an_archive_behind_something_else",
            "test_mail_acls.py::test_an_archive_of_which_not_all_can_be_seen",
        ],
        "html-filter": ["test_mail_acls.py::test_action[html-filter]"],
        "replace": ["test_mail_acls.py::test_action[replace]"],
        "remove": ["test_mail_acls.py::test_action[remove]"],
        "doctype-ident-order": ["test_mail_acls.py::test_action[doctype-ident-order]"],
        "force-doctype-ident": ["test_mail_acls.py::test_action[force-doctype-ident]"],
    },
    "mail-filter": {
        "invalid-header": [
            "test_mail_acls.py::test_action[invalid-header]",
            "test_mail_acls.py::test_action[invalid-header-pass]",
            "test_mail_acls.py::test_denied[invalid-header-deny-no header field]",
        ],
        "header-8bit-chars": [
            "test_mail_acls.py::test_action[header-8bit-chars]",
            "test_mail_acls.py::test_action[header-8bit-chars-pass]",
            "test_mail_acls.py::test_denied[header-8bit-chars-deny-8-bit header]",
        ],
        "body-8bit-chars": [
            "test_mail_acls.py::test_action[body-8bit-chars]",
            "test_mail_acls.py::test_action[body-8bit-chars-pass]",
            "test_mail_acls.py::test_denied[body-8bit-chars-deny-8-bit body]",
        ],
        "bad-chars": [
            "test_mail_acls.py::test_action[bad-chars]",
            "test_mail_acls.py::test_action[bad-chars-pass]",
            "test_mail_acls.py::test_denied[bad-chars-deny-bare CR]",
        ],
        "correct-quoting": [
            "test_mail_acls.py::test_action[correct-quoting]",
            "test_mail_acls.py::test_action[correct-quoting-no]",
        ],
        "max-header-line": [
            "test_mail_acls.py::test_action[max-header-line]",
            "test_mail_acls.py::test_denied[max-header-line-deny-long field]",
        ],
        "ambiguous-mime": [
            "test_mail_acls.py::test_action[ambiguous-mime]",
            "test_mail_acls.py::test_action[ambiguous-mime-pass]",
            "test_mail_acls.py::test_denied[ambiguous-mime-deny-two boundaries]",
        ],
        "limits": ["test_mail_acls.py::test_denied[limits-few-many parts]"],
    },
    "download": {
        "no-mail-scanning": ["test_mail_acls.py::test_action[download-no-mail-scanning]"],
        "use-antivirus": [
            "test_mail_checks.py::test_status[disabled-skipped-skipped]",
            "test_mail_checks.py::test_status[other-free-found]",
        ],
        "use-antispam": ["test_mail_checks.py::test_score[spam-disabled-unknown-unknown]"],
        "mail-filter": ["test_mail_acls.py::test_action[header-8bit-chars]"],
        "metadata": ["test_mail_acls.py::test_metadata"],
        "size-preserving": [
            "test_mail_acls.py::test_action[size-preserving]",
            "test_mail_acls.py::test_action[size-preserving-no]",
        ],
    },
    "upload": {
        "no-mail-scanning": ["test_mail_acls.py::test_upload[upload-no-mail-scanning-True]"],
        "use-antivirus": ["test_mail_checks.py::test_upload[upload-only-virus-found]"],
        "use-antispam": ["test_mail_checks.py::test_upload[spam-upload-spam-spam]"],
        "mail-filter": ["test_mail_acls.py::test_upload[upload-mail-filter-False]"],
    },
    "doctype-identification": {
        "order": [
            "test_mail_documents.py::test_doctype[order]",
            "test_mail_documents.py::test_doctype[order-for]",
        ],
        "mime-types": ["test_mail_documents.py::test_doctype[mime-types]"],
        "magic": ["test_mail_documents.py::test_doctype[magic]"],
    },
    "mail-pool": {
        "dir": ["test_mail_documents.py::test_pool_memory_and_dir[1K-True]"],
        "memory": [
            "test_mail_documents.py::test_pool_memory_and_dir[1K-True]",
            "test_mail_documents.py::test_pool_memory_and_dir[10M-False]",
        ],
        "free": ["test_mail_documents.py::test_pool_free"],
    },
    "verdict-cache": {
        "path": ["test_mail_checks.py::test_verdict_cache[path]"],
        "redis": ["test_mail_checks.py::test_verdict_cache[redis]"],
        "max-age": ["test_mail_checks.py::test_verdict_cache[max-age]"],
        "max-entries": ["test_mail_checks.py::test_verdict_cache[max-entries]"],
    },
    "log-debug": {
        "level": [
            "test_logs.py::test_level",
            "test_logs.py::test_signals_move_the_level_and_reopen_files",
        ],
        "facility": ["test_logs.py::test_facility"],
        "file": ["test_logs.py::test_files"],
        "rotate": ["test_logs.py::test_rotate[log-debug]"],
        "data-limit": ["test_logs.py::test_data_limit[log-debug]"],
        "syslog-failure": [
            "test_logs.py::test_syslog_failure_file[log-debug]",
            "test_logs.py::test_syslog_failure_stop",
        ],
        "format": ["test_logs.py::test_json[log-debug]"],
    },
    "log-stats": {
        "level": ["test_logs.py::test_stats_level"],
        "facility": ["test_logs.py::test_facility_of_stats"],
        "file": ["test_logs.py::test_files"],
        "rotate": ["test_logs.py::test_rotate[log-stats]"],
        "data-limit": ["test_logs.py::test_data_limit[log-stats]"],
        "syslog-failure": [
            "test_logs.py::test_syslog_failure_file[log-stats]",
            "test_logs.py::test_syslog_failure_stop_of_stats",
        ],
        "format": ["test_logs.py::test_json[log-stats]"],
    },
    "monitoring": {
        "disabled": ["test_monitoring.py::test_disabled"],
        "comm-dir": [
            "test_monitoring.py::test_comm_dir",
            "test_monitoring.py::test_another_user_in_another_root",
        ],
        "interval": ["test_monitoring.py::test_interval"],
        "user": ["test_monitoring.py::test_user_and_data"],
        "data": ["test_monitoring.py::test_user_and_data"],
        "http": [
            "test_monitoring.py::test_http",
            "test_monitoring.py::test_http_from",
            "test_monitoring.py::test_metrics_are_as_prometheus_wants_them",
            "test_monitoring.py::test_health_from_the_graceful_end_on",
            "test_monitoring.py::test_a_browser_shows_the_page_and_renews_it",
        ],
    },
    "listen-on": {
        "non-transparent": [
            "test_tcpserver.py::test_non_transparent",
            "test_transparency.py::test_where_it_listens",
            "test_transparency.py::test_the_firewall_itself",
            "test_proxy_protocol.py::test_the_client_behind",
            "test_proxy_protocol.py::test_a_forged_header",
        ],
        "transparent": [
            "test_transparency.py::test_redirected",
            "test_transparency.py::test_not_redirected",
            "test_transparency.py::test_no_loop",
            "test_redirections.py::test_rules_go_at_the_end",
            "test_redirections.py::test_a_reload_swaps_them",
        ],
    },
    "tcpserver": {
        "queue-size": ["test_tcpserver.py::test_queue_size"],
        "init-children": ["test_tcpserver.py::test_init_children"],
        "max-children": ["test_tcpserver.py::test_max_children"],
        "min-idle": ["test_tcpserver.py::test_min_idle"],
        "max-idle": ["test_tcpserver.py::test_max_idle"],
        "parent-cycle": ["test_tcpserver.py::test_parent_cycle"],
        "info-cycle": ["test_tcpserver.py::test_info_cycle"],
        "min-start-rate": ["test_tcpserver.py::test_min_start_rate"],
        "max-start-rate": ["test_tcpserver.py::test_max_start_rate"],
        "kill-rate": ["test_tcpserver.py::test_kill_rate"],
        "fork-wait": ["test_tcpserver.py::test_fork_wait"],
        "fork-retries": ["test_tcpserver.py::test_fork_retries"],
        "listener": ["test_listener.py::test_listener"],
        "max-children-per-ip": ["test_listener.py::test_max_children_per_ip"],
        "conn-rate": ["test_listener.py::test_conn_rate"],
        "conn-rate-per-ip": ["test_listener.py::test_conn_rate_per_ip"],
        "conn-rate-table": ["test_listener.py::test_conn_rate_table"],
        "max-sessions": ["test_tcpserver.py::test_max_sessions"],
        "child-memory": [
            "test_faults_memory.py::test_download",
            "test_faults_memory.py::test_any_amount",
        ],
        "terminate-wait": ["test_tcpserver.py::test_terminate_wait"],
    },
    "client-conn": {
        "recv-timeout": ["test_timeouts.py::test_timeout[client recv-timeout]"],
        "send-timeout": ["test_timeouts.py::test_client_send_timeout"],
        "close-timeout": ["test_timeouts.py::test_close_timeout"],
        "recv-bufsize": ["test_connections.py::test_socket[narrow]"],
        "send-bufsize": ["test_connections.py::test_send_bufsize"],
        "keepalive": ["test_connections.py::test_socket[silent]"],
        "ip-tos": ["test_connections.py::test_socket[marked]"],
        "log-limit": ["test_data_log.py::test_log_limit[client]"],
        "command-timeout": ["test_timeouts.py::test_timeout[command-timeout]"],
        "login-timeout": ["test_timeouts.py::test_timeout[login-timeout]"],
    },
    "server-conn": {
        "conn-timeout": ["test_timeouts.py::test_connect_timeout"],
        "recv-timeout": ["test_timeouts.py::test_timeout[server recv-timeout]"],
        "send-timeout": ["test_timeouts.py::test_server_send_timeout"],
        "close-timeout": ["test_timeouts.py::test_server_close_timeout"],
        "recv-bufsize": ["test_connections.py::test_socket[narrow]"],
        "send-bufsize": ["test_connections.py::test_send_bufsize_of_server"],
        "keepalive": ["test_connections.py::test_socket[silent]"],
        "ip-tos": ["test_connections.py::test_socket[marked]"],
        "log-limit": ["test_data_log.py::test_log_limit[server]"],
    },
    "session-acl": {
        "from": ["test_conditions.py::test_condition[session-acl-from]"],
        "to": ["test_conditions.py::test_to_and_parent"],
        "transparency": [
            "test_conditions.py::test_condition[session-acl-transparency]",
            "test_transparency.py::test_redirected",
            "test_transparency.py::test_the_firewall_itself",
        ],
        "time": [
            "test_conditions.py::test_condition[session-acl-time, day]",
            "test_conditions.py::test_condition[session-acl-time, month]",
            "test_conditions.py::test_condition[session-acl-time, weekdays]",
            "test_conditions.py::test_condition[session-acl-time, hours]",
        ],
        "time-period-set": ["test_conditions.py::test_condition[session-acl-time-spec, weekdays]"],
        "user": ["test_conditions.py::test_condition[session-acl-user]"],
        "group": ["test_conditions.py::test_condition[session-acl-group]"],
        "accept": ["test_policy.py::test_greeting"],
        "deny": ["test_policy.py::test_denied[denied at once-]"],
        "plug-to": ["test_connections.py::test_plug_to"],
        "client-ssl-params": [
            "test_tls_clients.py::test_client[usual-nobody-True]",
            "test_starttls_cases.py::test_starttls_of_client",
        ],
        "client-cert-match": [
            "test_tls_clients.py::test_client[subject-bob-False]",
            "test_tls_clients.py::test_client[issuer-carol-False]",
            "test_tls_clients.py::test_client[san-bob-False]",
        ],
        "language": [r"test_policy.py::test_denied[denied CZ-* BYE Pristup odepren\r\n]"],
        "idle-timeout": ["test_timeouts.py::test_timeout[idle-timeout session]"],
        "source-address": [
            "test_source_address.py::test_what_the_server_sees",
            "test_source_address.py::test_no_fallback",
            "test_transparency.py::test_redirected",
        ],
        "altq": [
            "test_traffic_shaping.py::test_per_session",
            "test_traffic_shaping.py::test_bandwidth",
        ],
    },
    "time-period-set": {
        "exclude": ["test_conditions.py::test_condition[session-acl-time-period-set, exclude]"],
        "time-spec": ["test_conditions.py::test_condition[session-acl-time-spec, weekdays]"],
    },
    "time-spec": {
        "dates": ["test_conditions.py::test_condition[session-acl-time-spec, dates]"],
        "weekdays": ["test_conditions.py::test_condition[session-acl-time-spec, weekdays]"],
        "hours": ["test_conditions.py::test_condition[session-acl-time-spec, hours]"],
    },
    "command-acl": {
        "from": ["test_conditions.py::test_condition[command-acl-from]"],
        "to": ["test_conditions.py::test_condition[command-acl-to]"],
        "transparency": ["test_conditions.py::test_condition[command-acl-transparency]"],
        "time": ["test_conditions.py::test_condition[command-acl-time, weekdays]"],
        "time-period-set": ["test_conditions.py::test_condition[command-acl-time-spec, weekdays]"],
        "user": ["test_conditions.py::test_condition[command-acl-user]"],
        "group": ["test_conditions.py::test_condition[command-acl-group]"],
        "accept": ["test_policy.py::test_greeting"],
        "server": [
            "test_conditions.py::test_condition[command-acl-server]",
            "test_conditions.py::test_condition[command-acl-server, port]",
        ],
        "session-acl": ["test_conditions.py::test_to_and_parent"],
        "client-cert": [
            "test_tls_clients.py::test_client[client-cert-bob-False]",
            "test_tls_clients.py::test_client[client-cert none-alice-False]",
        ],
        "deny": [
            r"test_policy.py::test_denied[denied-* BYE Access denied\r\n]",
            r"test_policy.py::test_denied[denied with a text-* BYE Come to the help desk\r\n]",
        ],
        "language": [
            r"test_policy.py::test_commands[command-acl CZ: b'a DELETE x\\r\\n']",
            r"test_policy.py::test_commands[command-acl EN: b'a DELETE x\\r\\n']",
        ],
        "server-ssl-params": [
            "test_tls_servers.py::test_server[trusted]",
            "test_mail_programs.py::test_through_the_proxy[starttls-curl]",
        ],
        "server-cert-match": ["test_tls_servers.py::test_server[not matched]"],
        "commands": ["test_policy.py::test_commands"],
        "capabilities": [
            "test_policy.py::test_capabilities",
            "test_policy.py::test_no_idle_in_any_answer",
            "test_policy.py::test_mechanisms",
        ],
        "max-bytes-in": ["test_limits.py::test_session_ends[max-bytes-in 1K]"],
        "max-bytes-out": ["test_limits.py::test_session_ends[max-bytes-out 1K]"],
        "max-mail-in": [
            "test_limits.py::test_session_ends[max-mail-in 999]",
            "test_limits.py::test_mail_in",
        ],
        "max-mail-out": [
            "test_limits.py::test_session_ends[max-mail-out 999]",
            "test_limits.py::test_mail_out",
        ],
        "max-time": ["test_timeouts.py::test_max_time"],
        "idle-timeout": ["test_timeouts.py::test_timeout[idle-timeout command]"],
        "greeting": ["test_policy.py::test_greeting"],
        "send-client-address": ["test_client_address.py::test_send_client_address"],
        "use-antivirus": [
            "test_mail_checks.py::test_status[clamav-free-found]",
            "test_mail_checks.py::test_status[size-skipped-skipped]",
        ],
        "use-antispam": [
            "test_mail_checks.py::test_score[spamd-ham-spam]",
            "test_mail_checks.py::test_score[spam-size-unknown-unknown]",
        ],
        "antivirus-mode": [
            "test_mail_checks.py::test_status[lenient-free-found]",
            "test_mail_checks.py::test_status[strict-error-found]",
        ],
        "download": ["test_mail_acls.py::test_action[download-no-mail-scanning]"],
        "upload": ["test_mail_acls.py::test_upload[upload-no-mail-scanning-True]"],
        "no-mail-scanning": ["test_streaming.py::test_download", "test_streaming.py::test_upload"],
        "altq": [
            "test_traffic_shaping.py::test_ceiling",
            "test_traffic_shaping.py::test_the_other_directions",
        ],
    },
}


def sections() -> Iterator[type[Section]]:
    """Every section that may stand somewhere, once; those at the top first."""
    seen = list(ROOT)
    for section in seen:
        yield section
        for row in section.TABLE.rows.values():
            if isinstance(row, PartRow) and row.section not in seen:
                seen.append(row.section)


def declared() -> Iterator[tuple[str, str]]:
    """Section and keyword of every row."""
    for section in sections():
        for attribute in section.TABLE.rows:
            yield section.TABLE.keyword, keyword_of(attribute)


def markdown() -> Iterator[str]:
    """The lines of a table, in the order of the declarations."""
    yield "| section | item | shown by (in tests/system) |"
    yield "| --- | --- | --- |"
    for section, item in declared():
        tests = SHOWN.get(section, {}).get(item, ())
        yield f"| {section} | {item} | {'<br>'.join(f'`{test}`' for test in tests)} |"


if __name__ == "__main__":
    print("\n".join(markdown()))
