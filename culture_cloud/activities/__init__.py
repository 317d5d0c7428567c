"""Activities 活动: what people come to, when and where, in one calendar of all nodes (R28, R39)."""
