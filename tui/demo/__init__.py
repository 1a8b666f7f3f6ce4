"""Made-up data, its tour and its clock."""
