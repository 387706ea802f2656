/** The event of a completed restore job of a restore test (AWS Backup developer guide, "Restore testing validation"). */
export interface RestoreTestEvent {
  readonly detail: {
    readonly restoreJobId: string;
    /** The instance that AWS Backup restored, and that it deletes after the verdict. */
    readonly createdResourceArn: string;
    /** Start and end of the restore, ISO 8601. */
    readonly creationDate?: string;
    readonly completionDate?: string;
  };
}
