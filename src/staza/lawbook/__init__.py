"""Everything that reads files: the law, its checks, its cache, its worked cases, and the files of logs.

Lives here: YAML in, values of `staza.engine` out, with errors that name file, line, key and cure. May not come here:
what the law decides. Start with `schema.py` (the form), `compose.py` (the meaning), `check.py` (what must hold).
"""
