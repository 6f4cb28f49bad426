"""The query language: what a person types to find pitfalls, on the board and in the command.

``status:open component:wx.qy.* (白色图片 or -platform:ios)``. Keys that are
known, with a colon and a value, filter; everything else is searched for, so
that pasted error text needs no quoting (``storage.query.keys`` says where
text is only text). A space means *and*, ``or`` and parentheses group, a minus
turns round. A mistake never raises: it stands in ``Query.problems`` with its
place, and the rest counts.
"""
