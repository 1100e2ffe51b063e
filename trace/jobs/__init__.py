"""Long work with progress: asked for over a door, done beside the requests, found again after a restart."""
