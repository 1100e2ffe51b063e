"""Official papers 文书 for print and wet signatures: what stands on one, how it fills A4 pages, and the PDF. Writes nothing."""
