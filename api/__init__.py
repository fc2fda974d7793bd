"""The edge (接口): HTTP, pages, worker, command line, settings and the clock; imports all other rooms."""
