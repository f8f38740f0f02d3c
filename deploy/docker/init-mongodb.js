// Run once by the image, as the data folder is made: the user of sandbox, for its own database alone.
const fs = require('node:fs')
db.getSiblingDB('sandbox').createUser({
  user: 'sandbox',
  pwd: fs.readFileSync('/run/secrets/sandbox', 'utf8'),
  roles: [{ role: 'dbOwner', db: 'sandbox' }],
})
