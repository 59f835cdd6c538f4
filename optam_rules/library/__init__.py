"""Floor 3: manifests, and which pack and version hold on a date."""
