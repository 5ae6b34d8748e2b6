"""All that makes a build of a study, and all that reads its tables."""
