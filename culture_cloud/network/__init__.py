"""The network 总分馆体系: the tree of nodes, their levels, hours and facts (R1–R16)."""
