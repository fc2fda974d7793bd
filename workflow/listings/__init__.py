"""What only supervised listings (挂牌督办) know: fields, guards, effects, ladders, and how one is proposed."""
