"""Packaging: the template and one small zip, made so that the same sources give the same bytes."""
