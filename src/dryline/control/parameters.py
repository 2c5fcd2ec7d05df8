"""Tuning of all loops of a controller in one value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dryline.control.alarms import AlarmParameters
from dryline.control.areal_density import ArealParameters, ScannerParameters
from dryline.control.feeders import FeederParameters
from dryline.control.feeding import LevelParameters
from dryline.control.fibrillation import FibrillationParameters
from dryline.control.levelling import LevellingParameters
from dryline.control.off_spec import OffSpecParameters
from dryline.control.product import ProductParameters
from dryline.control.profile import ProfileParameters
from dryline.control.recovery import RecoveryParameters
from dryline.control.rolls import RollParameters
from dryline.control.speeds import SpeedParameters
from dryline.control.thickness import ThicknessParameters


@dataclass(frozen=True)
class Parameters:
    """Tuning of all loops. `tick` [s]; `automatic`: reset and start without being asked."""

    tick: float = 0.1
    automatic: bool = True
    settling: float = 15.0
    """Time in Execute [s] before the scanner trim acts (assumed)."""
    areal: ArealParameters = field(default_factory=ArealParameters)
    scanner: ScannerParameters = field(default_factory=ScannerParameters)
    profile: ProfileParameters = field(default_factory=ProfileParameters)
    thickness: ThicknessParameters = field(default_factory=ThicknessParameters)
    feeders: FeederParameters = field(default_factory=FeederParameters)
    level: LevelParameters = field(default_factory=LevelParameters)
    fibrillation: FibrillationParameters = field(default_factory=FibrillationParameters)
    levelling: LevellingParameters = field(default_factory=LevellingParameters)
    speeds: SpeedParameters = field(default_factory=SpeedParameters)
    alarms: AlarmParameters = field(default_factory=AlarmParameters)
    product: ProductParameters = field(default_factory=ProductParameters)
    off_spec: OffSpecParameters = field(default_factory=OffSpecParameters)
    recovery: RecoveryParameters = field(default_factory=RecoveryParameters)
    rolls: RollParameters = field(default_factory=RollParameters)

    def open_loop(self) -> Parameters:
        """The same line with no quality loop closed (gains zero): the first baseline."""
        return replace(
            self,
            areal=replace(self.areal, gain_factor=0.0),
            scanner=replace(self.scanner, gain_factor=0.0),
            profile=replace(self.profile, gain_factor=0.0),
            thickness=replace(self.thickness, gain_factor=0.0),
            fibrillation=replace(self.fibrillation, gain_factor=0.0),
            levelling=replace(self.levelling, gain_factor=0.0),
        )
