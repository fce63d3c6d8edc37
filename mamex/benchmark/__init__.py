"""The paper's tables and figures, and two of our own, on any dataset folder: ``python -m mamex benchmark``.

::

    options, run  what is asked for, and the whole run from it
    plan          which rows each table has
    methods       MAMEX and every rival behind one interface: settings, search space, fit
    tuning        the same number of random trials for every method, on validation
    cells         one unit of work, its key, and its result on disk
    runner        cells that are not done yet, in this process or in several
    code          a fingerprint of the code that a method's numbers depend on
    problem       the dataset as arrays, one split a seed
    missing       cold items that lose their picture or their words
    significance  MAMEX against each other row, over users
    results       the numbers of a table, and their tidy CSV
    tables, figures, protocol, paper      what else is written
"""
