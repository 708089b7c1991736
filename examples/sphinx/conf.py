project = "A course on Services"
# The one line that the course needs, with the address of your copy of the site.
html_js_files = [("https://playground.example/playground.js", {"defer": "defer"})]
