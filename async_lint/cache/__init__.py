"""What a run worked out, kept for the next: by what it asked of the disk, so that nothing that changed is missed."""
