"""Makes the database ready: its tables are brought up to date, then the demonstration is put into them."""

import os

from app.demo import migrations, seed

if __name__ == "__main__":
    migrations.upgrade(os.environ["HUBS_OWNER_DATABASE_URL"])
    seed.main()
