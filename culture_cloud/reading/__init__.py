"""Digital reading 数字阅读: publications brought in by staff, read as plain pages by everybody.

`publications` what there is and how it is found; `intake` how files come in; `epub`, `pdf`, `audio`
make a book folder out of a file; `reader` shows it; `lending`, `opds`, `marc` as their names say.
A book folder is written once and never changed: a new file gets a new folder (see books.py).
"""
