"""The forms in which a study is given to other tools, one standard a module; :data:`kg.export.FORMATS` lists them."""
