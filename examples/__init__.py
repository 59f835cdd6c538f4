"""Programs that use the library as another team would."""
