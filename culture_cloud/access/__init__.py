"""Who may do what, and where: roles, grants over the node tree, scopes."""
