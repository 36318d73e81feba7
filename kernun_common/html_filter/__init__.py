"""html_filter - what mod-html-filter(5) describes: active and loading content taken out of HTML.

    section     mod-html-filter(5)
    filter      one document: is there anything to delete, and if so, the document without it
    kinds       what can be deleted, and the preset of `defang`
    judge       what of one tag has to go: url, css
    scan        every tag that any reader could see in a document, whatever it takes for text
    tree        a document as browsers read it (html5lib), within bounds: limits
    edit        the tree without what has to go
    serialise   the tree as HTML that every reader reads alike
    charset     octets and characters, by the rules of the WHATWG
"""
