"""Labels 标签: what stands on one, where it stands on the paper, and files that printers take. Writes nothing."""
