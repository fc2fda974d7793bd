"""Where the time goes in what may miss its goal, by how the figure's name begins; from profiles, in words."""

REASONS = {
    "durable moves": """\
**Durable moves.** The database does the raw driver's work (the same rows by prepared statements; on PostgreSQL
  a statement for all changes and one for all new rows) and two short reads more, the promises and the evidence.
  The rest is Python, which on PostgreSQL shares two cores with the server: half of it decides (guards, clocks,
  the event's text and hash, the messages), a quarter turns rows into statements and back, the rest is the
  transaction around it. The raw side has its rows ready made, and on SQLite it is all C. The quicker the disk,
  the more of a raw move is gone and the lower the ratio.""",
    "import": """\
**Import.** Reading a cell is calamine's, in Rust; each row then becomes a case, its words, an event with its
  hash, one or two promises and seven to nine rungs: a dozen rows in five tables with their indexes. About a
  third of the time is understanding the row (headings, dates, units, keys), a quarter deciding, the rest
  writing.""",
    "two sweepers": """\
**Two sweepers.** A sweeper and the server process behind it keep two cores busy between them; the second pair
  finds no core of its own.""",
    "escalations": """\
**Escalations.** Each is an event with its hash, messages, a settled rung, a breach on its promise and marks on
  its case; in batches of 250 cases, one commit each (the worker and its helper on PostgreSQL), half of the time in
  Python and half in the database. The goal is in seconds, and those are the machine's own: the raw drivers moved
  2,182 and 6,366 cases a second where it was set.""",
    "the dashboard": """\
**Dashboard.** Reading the counters is a few milliseconds, most of them spent on making the query and fetching a
  row a cell; the scan beside it runs in memory here.""",
}
