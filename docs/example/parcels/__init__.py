"""Follows parcels at a carrier and keeps their last known status. It has one defect of each kind that async-lint finds."""
