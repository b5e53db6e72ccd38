"""How cleaning is looked at: verdicts, funnel, inspection, samples, agreement."""
