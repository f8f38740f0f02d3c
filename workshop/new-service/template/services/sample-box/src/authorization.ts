import { defineAuthorization } from '@sandkeep/service-kit'

/** Who may call what, and on whose objects. Routes that are not here are public or for services, and say so. */
export const authorization = defineAuthorization({
  createSampleItem: { student: 'own', instructor: 'own', admin: 'own' },
  getSampleItem: { student: 'own', instructor: 'own', admin: 'any' },
})
