"""A Slurm cluster of one node, this machine, on the loopback, without systemd.

It consists of Debian's packages munge, slurmctld, slurmd and slurm-client. Its configuration has
to stand in /etc/slurm, since Snakemake's job step drops SLURM_CONF; each file carries a mark, and a
Slurm without it is never touched. The daemons end with the process that started them.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path

import psutil

SETTINGS = Path("/etc/slurm")
MARK = "# Written by the cluster tests of binary-activations; they remove it."
HOST = socket.gethostname().split(".")[0]
DAEMONS = ("munged", "slurmctld", "slurmd")
GPU = Path("/dev/null")  # stands in for a GPU: any device that no job needs
FIELDS = {
    "id": "JobID",
    "state": "State",
    "cpus": "NumCPUs",
    "memory": "MinMemory",
    "time_limit": "TimeLimit",
    "gpus": "tres-per-job",
    "rule": "Comment",
}
SLURM_CONF = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=cred_expire=30
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/controller
SlurmdSpoolDir={folder}/node
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
MailProg=/bin/true
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=5
JobAcctGatherParams=OverMemoryKill,UsePss
AccountingStorageType=accounting_storage/none
PropagateResourceLimits=NONE
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/backfill
ReturnToService=2
SlurmdParameters=config_overrides
MinJobAge=3600
KillWait=5
OverTimeLimit=0
EnforcePartLimits=ALL
GresTypes=gpu
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=16000 Gres=gpu:1 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=120 State=UP
"""


def reason_to_skip():
    """Why no cluster can be set up here, or None."""
    missing = [name for name in (*DAEMONS, "sbatch") if not shutil.which(name)]
    if missing:
        packages = "munge slurmctld slurmd slurm-client"
        return f"{', '.join(missing)} not installed; on Debian: apt-get install {packages}"
    if os.geteuid() != 0:
        return "setting up a Slurm takes root"
    for path in written_files():
        if path.exists() and MARK not in path.read_text():
            return f"{path} is of a Slurm that these tests did not set up"
    running = {process.info["name"] for process in psutil.process_iter(["name"])}
    if found := running.intersection(DAEMONS):
        return f"{', '.join(sorted(found))} runs already"
    with contextlib.suppress(OSError):
        if socket.gethostbyname(HOST) == "127.0.0.1":
            return None
    return f"{HOST} does not resolve to 127.0.0.1; add '127.0.0.1 {HOST}' to /etc/hosts"


def written_files():
    return [SETTINGS / name for name in ("slurm.conf", "cgroup.conf", "gres.conf")]


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Cluster:
    """The cluster, once `start` has returned and until `stop`."""

    def __init__(self, folder):
        self.folder = folder
        self.daemons = []

    def start(self):
        for name in ("controller", "node"):
            (self.folder / name).mkdir()
        settings = SLURM_CONF.format(host=HOST, folder=self.folder)
        # Without CgroupPlugin, Slurm 22.05 looks for a cgroup file system and fails in a container.
        gres = f"NodeName={HOST} Name=gpu File={GPU}\n"
        contents = (settings, "CgroupPlugin=cgroup/v1\n", gres)
        for path, content in zip(written_files(), contents, strict=True):
            path.write_text(f"{MARK}\n{content}")
        user = pwd.getpwnam("munge")
        for folder in ("/run/munge", "/var/log/munge", "/var/lib/munge"):
            Path(folder).mkdir(exist_ok=True)
            os.chown(folder, user.pw_uid, user.pw_gid)
        as_munge = ["--reuid=munge", "--regid=munge", "--clear-groups"]
        if not Path("/etc/munge/munge.key").exists():
            subprocess.run(["setpriv", *as_munge, "mungekey"], check=True)
        self.launch("munged", *as_munge)
        self.wait_for("munge", "--no-input")
        self.launch("slurmctld", arguments=["-D"])
        self.wait_for("scontrol", "ping")
        self.launch("slurmd", arguments=["-D"])
        deadline = time.monotonic() + 30
        while self.node_state() != "idle":
            assert time.monotonic() < deadline, (self.folder / "slurmd.log").read_text()
            time.sleep(0.2)

    def launch(self, name, *as_user, arguments=("--foreground",)):
        """Starts a daemon, which gets SIGTERM when this process ends, however it ends."""
        command = ["setpriv", *as_user, "--pdeathsig=TERM", shutil.which(name), *arguments]
        with (self.folder / f"{name}.out").open("w") as out:
            daemon = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.daemons.append(daemon)

    def wait_for(self, *command):
        deadline = time.monotonic() + 30
        while subprocess.run(command, capture_output=True).returncode:
            daemon = self.daemons[-1]
            assert daemon.poll() is None, f"{daemon.args} ended: see {self.folder}"
            assert time.monotonic() < deadline, f"timed out: {command}"
            time.sleep(0.2)

    def stop(self):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            output_of("scancel", "--user=root")
            deadline = time.monotonic() + 20
            while self.jobs("pending", "running", "completing") and time.monotonic() < deadline:
                time.sleep(0.2)
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in self.daemons:
            daemon.wait(timeout=20)
        for path in written_files():
            path.unlink(missing_ok=True)

    def node_state(self):
        return output_of("sinfo", "--noheader", "--Node", "--format=%T").strip()

    def set_node_state(self, state):
        """`drain`: no further job is started; `resume`: they are again."""
        change = [f"nodename={HOST}", f"state={state}", "reason=test"]
        output_of("scontrol", "update", *change)

    def jobs(self, *states):
        """Jobs: number, state and what each asked for, as recorded by Slurm."""
        listing = output_of(
            "squeue",
            "--noheader",
            f"--states={','.join(states) or 'all'}",
            "--Format=" + ",".join(f"{field}:|" for field in FIELDS.values()),
        )
        return [dict(zip(FIELDS, line.split("|"), strict=False)) for line in listing.splitlines()]
