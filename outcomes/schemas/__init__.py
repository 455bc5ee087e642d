"""What the API says about questionnaires, and what it is told. The words of goals are never told."""
