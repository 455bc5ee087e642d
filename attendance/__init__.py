"""Who came: registers, walk-ins and absences."""
