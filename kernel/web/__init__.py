"""The ground's web half: pages, forms, who may enter, and how a refusal is answered."""
