"""Sources of JSON APIs: signing, quotas, troubles, values."""
