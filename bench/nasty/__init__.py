"""A generator of small C programs in which every use of a changing state can be observed.

``model`` holds what a program consists of, ``body`` the function under construction, ``values`` the
expressions, ``control``/``changes``/``naming``/``preprocessor`` the statements by what makes them hard,
``definitions`` the headers, macros and prototypes, and ``program`` puts the files together.
"""
