"""Attachments: files under the SHA-256 of their bytes, checked by these bytes, and who brought them."""
