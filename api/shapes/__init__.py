"""What the API shows (答复内容): typed, so that the description and the answers can't part."""
