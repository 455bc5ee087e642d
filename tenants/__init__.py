"""The councils: who they are, where they are found, how they have set the house, their school terms."""
