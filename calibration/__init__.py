"""How often does the reported method of each design alarm when nothing happened?

Null trials are invented (`trials`), analysed by the same functions as a real one (`weighing`), and
held against what the method promises (`verdict`), over the cells of `grid`. `python -m calibration`
runs the campaign; what it stores is what the method page shows.
"""
