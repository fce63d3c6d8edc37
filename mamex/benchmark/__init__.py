"""The paper's tables and figures, and two of our own, on any dataset folder: ``python -m mamex benchmark``.

::

    options, run  what is asked for, and the whole run from it
    plan          which rows each table has
    methods       MAMEX and every rival behind one interface: settings, search space, fit, trials on validation
    identity      one unit of work, its result on disk, and what it is known by
    runner        units that are not done yet, in this process or in several
    problem       the dataset as arrays, one split a seed
    missing       cold items that lose their picture or their words
    evaluate, gate_truth  one checkpoint beside simple methods
    report        what is written: tables, figures, significance, protocol
"""
