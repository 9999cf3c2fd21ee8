"""培训 what a post must have learned before it reports, who has, and what that says of the data."""
