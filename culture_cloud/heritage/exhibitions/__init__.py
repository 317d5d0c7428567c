"""Collections 专题库 and online exhibitions 线上展览: sets of items, with an essay of blocks."""
