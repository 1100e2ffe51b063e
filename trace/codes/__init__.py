"""Codes and identifiers: trace codes, unit ranges, credit codes, certificate numbers, regions, QR. Pure."""
