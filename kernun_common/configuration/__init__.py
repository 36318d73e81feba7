"""configuration(7): the language, the rows that declare sections, the values that come of them."""
