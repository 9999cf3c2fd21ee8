"""页面 pages: the views behind every address of the screens, one module for each desk."""
