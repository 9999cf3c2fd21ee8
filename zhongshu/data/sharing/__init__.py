"""分级共享 grades derived by rule, and sharing item by item: grants, masks in the database, uses, audit."""
