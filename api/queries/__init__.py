"""Reading for the API (查询): every query here goes by what its actor may see."""
