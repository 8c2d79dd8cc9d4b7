"""The Omniglot task: training on episodes, and evaluation."""

import torch
from torch.nn.utils import clip_grad_norm_

from binary_activations.data.episodes import sample_episodes
from binary_activations.networks.convolutional import EVALUATION_BATCH
from binary_activations.training.fit import Training
from binary_activations.training.generators import generator
from binary_activations.training.matching import attend, losses_and_hits
from binary_activations.training.optimisers import Adam
from binary_activations.training.steps import backpropagate, run_steps


class FewShotTraining(Training):
    """The training of a matching network on episodes, by Adam.

    The states of each drawing of an episode affect the loss of all its queries, so a score function
    takes the episode as one sample. The gradient's norm is clipped for each group of parameters.

    Args:
        settings: `Study.training_settings`.
        seed: the replicate's.
        characters: a `datasets.Characters`; some alphabets are held out for validation, by seed.
        device: where it trains.

    Attributes:
        episodes_per_epoch: drawn anew each epoch.

    Raises:
        StudyError: where no alphabet would be left to train on.
    """

    def __init__(self, settings, seed, characters, device):
        training, validation = settings["training"], settings["validation"]
        super().__init__(settings, seed, device, training["n_way"])
        self.episodes_per_epoch = training["episodes_per_epoch"]
        self.characters, self.held_out = characters.hold_out_alphabets(
            validation["alphabets"], generator(seed, "split")
        )
        numbers = (validation[key] for key in ("episodes", "n_way", "k_shot", "queries"))
        draws = generator(seed, "validation")
        self.validation_episodes = sample_episodes(self.held_out, *numbers, draws)

    def new_optimiser(self, groups):
        return Adam(groups)

    def train_epoch(self):
        """Trains for one epoch of episodes drawn anew.

        Returns:
            The epoch's mean loss and accuracy (0 to 1) over the queries as they were trained on.
        """
        self.network.train()
        training, count = self.settings["training"], self.episodes_per_epoch
        n_way, k_shot, queries = (training[key] for key in ("n_way", "k_shot", "queries"))
        device = self.characters.drawings.device
        totals = torch.zeros(2, dtype=torch.float64, device=device)

        def step(classes, drawers):
            def predict(embeddings):
                support, query = embeddings.split([n_way * k_shot, n_way * queries])
                probabilities = attend(support.reshape(1, n_way, k_shot, -1), query.unsqueeze(0))
                return losses_and_hits(probabilities, queries)

            def criterion(embeddings):
                return predict(embeddings)[0].mean(1)

            embeddings = self.network(self.characters.inputs(classes, drawers))
            losses, hits = predict(embeddings)
            loss = losses.mean(1)
            estimates = self.estimator.gradients(self.network, loss, criterion)
            self.optimiser.zero_grad()
            if backpropagate(loss.mean() + self.network.penalty(), estimates):
                for group in self.optimiser.groups:
                    clip_grad_norm_(group["params"], training["gradient_norm"])
                self.optimiser.step()
            totals[0] += loss.detach()[0]
            totals[1] += hits.mean()

        episodes = sample_episodes(self.characters, count, n_way, k_shot, queries, self.order)
        sets = zip(episodes.support(0, count), episodes.query(0, count), strict=True)
        classes, drawers = (torch.cat([part.flatten(1) for part in pair], dim=1) for pair in sets)
        run_steps(step, list(zip(classes, drawers, strict=True)), self.network.generator)
        return (totals / count).tolist()

    def validate(self):
        losses, accuracies = evaluate_episodes(
            self.network, self.held_out, self.validation_episodes
        )
        return losses.mean().item(), accuracies.mean().item()


@torch.inference_mode()
def embed_episodes(network, characters, episodes):
    """Embeds each distinct drawing of the episodes once.

    Args:
        network: drawings to embeddings; put into evaluation mode.
        characters: a `datasets.Characters`.
        episodes: an `episodes.Episodes` of them.

    Returns:
        Support embeddings [episodes, n_way, k_shot, features] and query embeddings
        [episodes, n_way * queries, features].
    """
    network.eval()
    drawers = characters.drawings.shape[1]
    codes = []
    for classes, drawer in (episodes.support(0, None), episodes.query(0, None)):
        codes.append(classes * drawers + drawer)
    unique, positions = torch.cat([code.flatten() for code in codes]).unique(return_inverse=True)
    batches = [
        network(characters.inputs(batch // drawers, batch % drawers))
        for batch in unique.split(EVALUATION_BATCH)
    ]
    embeddings = torch.cat(batches)[positions]
    support, query = embeddings.split([codes[0].numel(), codes[1].numel()])
    features = embeddings.shape[1]
    return (
        support.reshape(*codes[0].shape, features),
        query.reshape(len(episodes), -1, features),
    )


@torch.inference_mode()
def evaluate_episodes(network, characters, episodes, samples=1):
    """Evaluates a matching network on episodes.

    Args:
        network: drawings to embeddings; put into evaluation mode.
        characters: a `datasets.Characters`.
        episodes: an `episodes.Episodes` of them.
        samples: passes of stochastic layers, whose probabilities of the classes are averaged.

    Returns:
        Losses and accuracies, each the mean over an episode's queries: float64 [episodes].
    """
    passes = [attend(*embed_episodes(network, characters, episodes)) for _ in range(samples)]
    probabilities = torch.stack(passes).mean(0)
    losses, hits = losses_and_hits(probabilities, episodes.query_drawers.shape[2])
    return losses.double().mean(1), hits.double().mean(1)
