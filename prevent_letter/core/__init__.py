"""What every package uses, with no knowledge of assessments: findings, names, prose, atomic writes."""
