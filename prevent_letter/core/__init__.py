"""Shared code, independent of assessments: findings, names, prose, display, atomic writes."""
