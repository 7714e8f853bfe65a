"""What leaves the workbook: a report, a calendar, tables, drafts of letters. Only `files` touches the world.

matter     what there is to tell, as one pass found it
privacy    what may leave when persons are not asked for
page       the parts a page is made of
report     the page, part by part
shoulders  its parts about who carries what
chart      bars as a picture
map        who works where, as a picture
html       parts → one self-contained file
calendar   due dates and meetings
tables     rows as text, for spreadsheets and for programs
letters    drafts for mails
documents  letters of welcome and the profile, from templates of Word
directory  partners and measures as a directory of services
files      writing, never over what is not ours
"""
