"""What the model says beside what others reported: costs, world shares, deployment, 5g shares after bans."""
