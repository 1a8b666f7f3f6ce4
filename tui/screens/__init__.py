"""The screens, one file and one stylesheet each; imported when they are first shown."""
