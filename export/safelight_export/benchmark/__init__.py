"""What a bundle costs: size, speed, memory and start, alone and beside what others use.

`machine` names the computer; `settings` says how much is measured; `shapes` lists the peers and
`build` makes them; `texts` are the messages; `engines` answer them; `rounds` pairs the timings;
`fresh` is a process of its own and `export_scan` a whole export; `parts` and `roofline` look
inside; `goals`, `bundle_page`, `peers_page` and `plots` show it; `command` runs all of it.
"""
