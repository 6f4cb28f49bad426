"""Pasted text → what can be read from it: an environment, an error message, what contradicts.

People paste what they have: the console of devtools or of a phone, the JSON of
``wx.getSystemInfo``, the community's bug template, a colleague's lines from a
chat, or all of them at once. Nothing here fails, whatever the text, and the
time that it takes grows with its length alone.
"""
